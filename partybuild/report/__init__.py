"""Reports: one neutral view of an assessment, and renderers that only format it."""
