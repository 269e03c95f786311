"""What tests and benchmarks share: made-up projects and records, pages, waiting, links, engines; no test is here."""
