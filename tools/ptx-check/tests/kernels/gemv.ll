; y = W x for a matrix of 4 rows and 512 columns, a block of 128 threads a row; made into gemv.ptx by
; llc-22 -O3 -mtriple=nvptx64-nvidia-cuda -mcpu=sm_90 gemv.ll
target triple = "nvptx64-nvidia-cuda"

@partial = internal addrspace(3) global [4 x float] undef, align 16

declare i32 @llvm.nvvm.read.ptx.sreg.tid.x()
declare i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()
declare float @llvm.nvvm.shfl.sync.bfly.f32(i32, float, i32, i32)
declare void @llvm.nvvm.barrier.cta.sync.aligned.all(i32)
declare float @llvm.fma.f32(float, float, float)

define ptx_kernel void @gemv(ptr noalias readonly %w, ptr noalias readonly %x, ptr noalias writeonly %y) #0 {
entry:
  %tid = call i32 @llvm.nvvm.read.ptx.sreg.tid.x()
  %row = call i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()
  %warp = lshr i32 %tid, 5
  %lane = and i32 %tid, 31
  %column = shl i32 %tid, 2
  %from = shl i32 %row, 9
  %at = add i32 %from, %column
  %at64 = zext i32 %at to i64
  %column64 = zext i32 %column to i64
  %wp = getelementptr float, ptr %w, i64 %at64
  %xp = getelementptr float, ptr %x, i64 %column64
  %wv = load <4 x float>, ptr %wp, align 16
  %xv = load <4 x float>, ptr %xp, align 16
  %w0 = extractelement <4 x float> %wv, i32 0
  %w1 = extractelement <4 x float> %wv, i32 1
  %w2 = extractelement <4 x float> %wv, i32 2
  %w3 = extractelement <4 x float> %wv, i32 3
  %x0 = extractelement <4 x float> %xv, i32 0
  %x1 = extractelement <4 x float> %xv, i32 1
  %x2 = extractelement <4 x float> %xv, i32 2
  %x3 = extractelement <4 x float> %xv, i32 3
  %s0 = fmul float %w0, %x0
  %s1 = call float @llvm.fma.f32(float %w1, float %x1, float %s0)
  %s2 = call float @llvm.fma.f32(float %w2, float %x2, float %s1)
  %s3 = call float @llvm.fma.f32(float %w3, float %x3, float %s2)
  br label %shuffle

shuffle:
  %by = phi i32 [ 16, %entry ], [ %half, %shuffle ]
  %sum = phi float [ %s3, %entry ], [ %more, %shuffle ]
  %other = call float @llvm.nvvm.shfl.sync.bfly.f32(i32 -1, float %sum, i32 %by, i32 31)
  %more = fadd float %sum, %other
  %half = lshr i32 %by, 1
  %again = icmp ne i32 %half, 0
  br i1 %again, label %shuffle, label %share

share:
  %first = icmp eq i32 %lane, 0
  %slot = getelementptr float, ptr addrspace(3) @partial, i32 %warp
  br i1 %first, label %write, label %meet

write:
  store float %more, ptr addrspace(3) %slot
  br label %meet

meet:
  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)
  %last = icmp eq i32 %tid, 0
  br i1 %last, label %finish, label %end

finish:
  %parts = load <4 x float>, ptr addrspace(3) @partial, align 16
  %p0 = extractelement <4 x float> %parts, i32 0
  %p1 = extractelement <4 x float> %parts, i32 1
  %p2 = extractelement <4 x float> %parts, i32 2
  %p3 = extractelement <4 x float> %parts, i32 3
  %a = fadd float %p0, %p1
  %b = fadd float %p2, %p3
  %total = fadd float %a, %b
  %row64 = zext i32 %row to i64
  %yp = getelementptr float, ptr %y, i64 %row64
  store float %total, ptr %yp
  br label %end

end:
  ret void
}

attributes #0 = { nounwind "nvvm.reqntid"="128,1,1" }
