"""Guards the report on newer releases: a whole run of a made-up project, and what of it stands in the report."""

from __future__ import annotations

import re

from headtohead import cli
from headtohead.content import differences, rows
from headtohead.records import freshness
from headtohead.records.news import KINDS, News
from headtohead.running import newest
from headtohead.running.packages import ASKED, Package
from tests.support.records import reseal
from tests.support.texts import AREA, DIFFERENCE, GOOD, GROUP, ROW, program, same

HEAD = "# What the newest releases would change\n\nRan "


def test_a_whole_run_tells_each_kind_of_change_and_writes_no_record(project, capsys):
    one, two = program("number = 1.0\nprint(number)"), program("number = 1.0\nprint(number)")
    project.topic("a/prints", one, two, same("number"))
    project.topic("a/parts", one, two, same("number"))
    project.topic("a/fails")
    project.area("a", AREA + ROW.replace("ops.abs", "ops.negative"))
    project.group("a", GROUP + DIFFERENCE.replace('"print(2)"\nbites', '"print(1)"\nbites'))
    project.write({ASKED: "numpy==1.0\n"})
    project.verify()
    reseal(project.record("a/prints", "pytorch.json"), lambda said: said["cells"][0].update(output="2.0\n"))
    project.change("a/parts", pytorch=one.replace("1.0", "2.0"))
    project.change("a/fails", pytorch=GOOD.replace('print("two")', "1 / 0"))
    before = project.records()
    place, report = project.root / "elsewhere", project.root / "newest.md"
    assert cli.main(["newest", "--root", str(project.root), "--records", str(place), "--report", str(report)]) == 0
    text = report.read_text(encoding="utf-8")
    assert text in capsys.readouterr().out
    assert text.startswith(HEAD)
    assert ": 6 programs, 1 rows, 1 differences." in text
    assert "| numpy | 1.0 | " in text
    assert "- snippets/a/prints/in_pytorch.py, 'One': `1.0` where it was `2.0`\n" in text
    assert "- snippets/a/parts/parity.py: broken agreement: " in text
    assert "- snippets/a/parts/in_pytorch.py: changed since it ran" in text
    assert re.search(r"^- snippets/a/fails/in_pytorch.py:7: .*ZeroDivisionError", text, re.MULTILINE)
    assert "one gives something else: the difference is gone" in text
    assert "torch-abs--keras-ops-negative gives something else: off by" in text
    assert project.records() == before


def test_a_part_of_it(project, monkeypatch):
    monkeypatch.setattr("headtohead.commands.packages", lambda _: [])
    project.topic("a/b", GOOD.replace('print("two")', "raise SystemExit('no')"))
    project.area("a", AREA + ROW)
    told = []
    monkeypatch.setattr(newest, "data", lambda news, base, store, names: told.append(names))
    run = ["newest", "--root", str(project.root), "--records", str(project.root / "elsewhere")]
    run += ["--report", str(project.root / "newest.md")]
    assert cli.main([*run, "a/b"]) == 0
    assert "## Programs that fail: 1\n\n- snippets/a/b/in_pytorch.py:" in (project.root / "newest.md").read_text()
    for more in (["--rows"], ["--rows", "a"], ["--rows", "no-such"]):
        cli.main([*run, *more])
    assert told == [[], ["api/a", "api/count"], ["api/a"]]


def test_a_report_of_nothing_and_one_in_which_nothing_is_a_tag():
    held = Package("torch", "2.14.1", "2.14.1", "2.15.0", "a | b <c> @d")
    text = newest.report(News(), [held])
    assert text.endswith("\n\nNothing would change.\n")
    assert "| torch | 2.14.1 | 2.14.1 | 2.15.0 | a \\| b &lt;c&gt; &#64;d |" in text
    news = News()
    for kind in KINDS:
        news.tell(kind, ["<a> `<b> @c`"])
    text = newest.report(news, [])
    assert text.count("- &lt;a&gt; `<b> @c`\n") == len(KINDS)
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        f"## {name}: 1" for name in KINDS.values()
    ]


def test_names_are_counted(project):
    project.area("a", AREA + ROW)
    depends = freshness.of_data(project.root, rows.FOLDER, rows.COUNT)
    counted = {"torch.fft": {"row": [], "alias": [], "only": [], "left": ["old"]}}
    project.store.write_data(rows.FOLDER, rows.COUNT, depends, counted)
    news = News()
    newest.data(news, project.store, project.store, ["api/count"])
    assert "torch.fft.fft" in news.lines["came"]
    assert news.lines["went"] == ["torch.fft.old"]
    assert differences.FOLDER not in news.ran
