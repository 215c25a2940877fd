"""What the library costs, measured: run a module with ``python -m benchmarks.<name>``."""
