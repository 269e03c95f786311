"""A fork server on a system that allows no guard: `python -m tests.support.unguarded` in place of the real one."""

import sys

from headtohead.running import sandbox, server

if __name__ == "__main__":
    sandbox.probe = lambda job: sandbox.Guards()
    server.main(sys.argv[1:])
