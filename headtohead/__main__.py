"""`python -m headtohead`: the command line."""

import os
import sys

# Programs run without the PYTHON* variables of whoever starts them, and in no folder of theirs. What runs them looks
# for modules where they do: one called json.py on PYTHONPATH or in the folder at hand would be taken for Python's own,
# and a package there noted as the one that ran.
GIVEN = {os.path.abspath(place) for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if place}
sys.path[:] = [place for place in sys.path[not sys.flags.safe_path :] if place not in GIVEN]

import sysconfig  # noqa: E402

installed = (sysconfig.get_path("purelib"), sysconfig.get_path("platlib"))  # PYTHONPATH may name them too
sys.path += [place for place in dict.fromkeys(installed) if place not in sys.path]

if __name__ == "__main__":
    try:
        from headtohead.cli import main
    except KeyboardInterrupt:  # so soon that nothing was begun
        sys.exit(130)
    except (MemoryError, ImportError) as error:  # the shell allows hardly any memory
        print(f"the command cannot start: {error or 'no memory is left'}", file=sys.stderr)
        sys.exit(2)
    sys.exit(main())
