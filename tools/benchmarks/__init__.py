"""What `./x bench` measured, as the page docs/benchmarks.md."""
