"""Changes programs in one small thing each, and asks whether their output or the agreement notices."""
