"""What several tests share: made-up projects and records, pages, faults; no test stands here."""
