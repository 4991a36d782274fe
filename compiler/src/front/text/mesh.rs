//! Device meshes in attributes: `#stablehlo.replica_group_mesh_axes<…>`.

use super::lexer::Token;
use super::parser::{Parse, Parser, error};
use crate::diag::Span;
use crate::ir::{Attr, AxisRef, Mesh, MeshReference, ReplicaGroupMeshAxes};

impl Parser<'_> {
    /// `mesh = @mesh, axes = [#stablehlo.axis_ref<name = "x">]` up to `>`.
    pub(super) fn parse_replica_group_mesh_axes(&mut self) -> Parse<Attr> {
        let start = self.token;
        let (mut mesh, mut axes) = (None, None);
        self.parse_fields(&["mesh", "mesh_name", "axes"], |p, index| {
            match index {
                2 => axes = Some(p.parse_axis_refs()?),
                _ if p.token.kind == Token::Symbol => {
                    mesh = Some(MeshReference::Symbol(p.parse_symbol("the mesh's name")?));
                }
                _ => mesh = Some(MeshReference::Mesh(p.parse_inline_mesh()?)),
            }
            Ok(())
        })?;
        match (mesh, axes) {
            (Some(mesh), Some(axes)) => Ok(Attr::ReplicaGroupMeshAxes(Box::new(ReplicaGroupMeshAxes { mesh, axes }))),
            (mesh, _) => {
                let missing = if mesh.is_none() { "mesh" } else { "axes" };
                let span = Span::new(start.start, self.last_end);
                Err(error(span, format!("`replica_group_mesh_axes` needs `{missing}`")))
            }
        }
    }

    fn parse_axis_refs(&mut self) -> Parse<Vec<AxisRef>> {
        let mut axes = Vec::new();
        self.expect(b'[', "before the axes")?;
        self.list_until(b']', "in the axes", |p| {
            p.expect_hash("#stablehlo.axis_ref")?;
            axes.push(p.parse_axis_ref()?);
            Ok(())
        })?;
        Ok(axes)
    }

    /// `<name = "x", sub_axis_info = (1)2>`.
    fn parse_axis_ref(&mut self) -> Parse<AxisRef> {
        let start = self.token;
        self.expect(b'<', "before the axis")?;
        let (mut name, mut sub_axis_info) = (None, None);
        self.parse_fields(&["name", "sub_axis_info"], |p, index| {
            if index == 0 {
                name = Some(p.parse_string("the axis's name in quotes")?);
                return Ok(());
            }
            p.expect(b'(', "before the size of the parts before this one")?;
            let pre_size = p.parse_i64("the size of the parts before this one")?;
            p.expect(b')', "after the size of the parts before this one")?;
            sub_axis_info = Some((pre_size, p.parse_i64("the size of the part")?));
            Ok(())
        })?;
        let name = name.ok_or_else(|| error(start.span(), "an axis needs `name`"))?;
        Ok(AxisRef { name, sub_axis_info })
    }

    /// `#stablehlo.mesh<axes=[<name = "x", size = 2>], device_ids=dense<…> : tensor<…>>`.
    fn parse_inline_mesh(&mut self) -> Parse<Mesh> {
        self.expect_hash("#stablehlo.mesh")?;
        self.expect(b'<', "before the mesh")?;
        let mut mesh = Mesh { axes: Vec::new(), device_ids: None };
        self.parse_fields(&["axes", "device_ids"], |p, index| {
            if index == 1 {
                let start = p.token;
                match p.parse_attr()? {
                    Attr::Elements(ids) => mesh.device_ids = Some(ids),
                    _ => return Err(error(start.span(), "device ids are a tensor, `dense<…> : tensor<…xi64>`")),
                }
                return Ok(());
            }
            p.expect(b'[', "before the mesh's axes")?;
            p.list_until(b']', "in the mesh's axes", |p| {
                if p.token.kind == Token::Hash {
                    p.expect_hash("#stablehlo.mesh_axis")?;
                }
                mesh.axes.push(p.parse_mesh_axis()?);
                Ok(())
            })
        })?;
        Ok(mesh)
    }

    fn parse_mesh_axis(&mut self) -> Parse<(smol_str::SmolStr, i64)> {
        let start = self.token;
        self.expect(b'<', "before the axis")?;
        let (mut name, mut size) = (None, None);
        self.parse_fields(&["name", "size"], |p, index| {
            match index {
                0 => name = Some(p.parse_string("the axis's name in quotes")?),
                _ => size = Some(p.parse_i64("the axis's size")?),
            }
            Ok(())
        })?;
        match (name, size) {
            (Some(name), Some(size)) => Ok((name, size)),
            _ => Err(error(start.span(), "an axis of a mesh needs `name` and `size`")),
        }
    }

    fn expect_hash(&mut self, text: &str) -> Parse<()> {
        if self.token.kind == Token::Hash && self.text_of(self.token) == text {
            self.bump();
            return Ok(());
        }
        Err(self.expected(format_args!("`{text}`")))
    }
}
