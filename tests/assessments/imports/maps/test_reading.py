"""Causal maps from files: what is understood, and what is refused with the place where it stands."""

import json
import time

import pytest

from assessments.imports.maps.carried import carried
from assessments.imports.maps.document import MOST_BYTES, Reading
from assessments.imports.maps.effects import read_effect
from assessments.imports.maps.reading import read_map

Links = list[tuple[str, str, int, int, int]]


def links(reading: Reading) -> Links:
    assert reading.problems == ()
    return [(one.source, one.target, one.sign, one.strength, one.delay) for one in reading.links]


def wrong(data: bytes | str) -> list[str]:
    reading = read_map(data)
    return [str(problem) for problem in reading.problems]


def graphml(inside: str, direction: str = "directed") -> str:
    return (
        f'<graphml><key id="s" for="edge" attr.name="sign"/><graph edgedefault="{direction}">{inside}</graph></graphml>'
    )


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_of_links(separator: str, encoding: str) -> None:
    rows = [["From", "To", "Sign", "Strength", "Delay"], ["Fäir margin", "Trust", "+", "3", "1"]]
    rows += [["Trust", "Food wasted", "'-", "", ""], ["Trust", "Fäir margin", "lowers", "weak", "years"]]
    data = "\r\n".join(separator.join(row) for row in rows).encode(encoding)
    assert links(read_map(data)) == [
        ("Fäir margin", "Trust", 1, 3, 1),
        ("Trust", "Food wasted", -1, 2, 0),
        ("Trust", "Fäir margin", -1, 1, 2),
    ]


def test_a_table_of_factors() -> None:
    reading = read_map("name;facet;x;y\nTrust;ECO-TRUST;10,5;20\nSpeed;;far;1\n=Sum;;;\n")
    assert [(one.name, one.facet, one.x, one.y) for one in reading.factors] == [
        ("Trust", "ECO-TRUST", 10.5, 20.0),
        ("Speed", "", None, None),
        ("=Sum", "", None, None),
    ]
    assert [str(note) for note in reading.notes] == [
        "Row 3: its place on the drawing cannot be read; it is laid out anew"
    ]


def test_kumu_tables_name_several_targets_and_say_the_sign_in_the_type() -> None:
    text = "From,To,Direction,Type\nA,B|C,directed,+\nD,A,mutual,-\n"
    assert links(read_map(text)) == [
        ("A", "B", 1, 2, 0),
        ("A", "C", 1, 2, 0),
        ("D", "A", -1, 2, 0),
        ("A", "D", -1, 2, 0),
    ]


def test_kumu_json_by_id_by_label_and_of_a_whole_project() -> None:
    simple = {"elements": [{"label": "A"}, {"label": "B"}], "connections": [{"from": "a", "to": "B", "label": "−"}]}
    assert links(read_map(json.dumps(simple))) == [("A", "B", -1, 2, 0)]
    project = {
        "elements": [
            {"_id": "elem-1", "attributes": {"label": "A"}},
            {"_id": "elem-2", "attributes": {"label": "B"}},
        ],
        "connections": [
            {
                "_id": "conn-1",
                "from": "elem-2",
                "to": "elem-1",
                "direction": "directed",
                "attributes": {"connection type": "+", "delayed": True, "strength": 3},
            }
        ],
        "maps": [{"elements": [{"element": "elem-1", "position": {"x": -120, "y": 40.5}}]}],
    }
    reading = read_map(json.dumps(project))
    assert links(reading) == [("B", "A", 1, 3, 1)]
    assert [(one.x, one.y) for one in reading.factors] == [(-120.0, 40.5), (None, None)]


def test_graphml_with_a_name_space_defaults_and_labels_of_yed() -> None:
    text = """<?xml version="1.0" encoding="ISO-8859-1"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
<key id="d0" for="node" attr.name="name" attr.type="string"/><key id="d1" for="node" yfiles.type="nodegraphics"/>
<key id="d2" for="edge" attr.name="weight" attr.type="double"><desc>x</desc><default>-0.5</default></key>
<graph edgedefault="directed"><edge source="n0" target="n1"/>
<node id="n0"><data key="d0">Vertrauen ü</data></node>
<node id="n1"><data key="d1"><y:ShapeNode><y:NodeLabel>Tempo</y:NodeLabel></y:ShapeNode></data></node>
</graph></graphml>""".encode("iso-8859-1")
    assert links(read_map(text)) == [("Vertrauen ü", "Tempo", -1, 2, 0)]


def test_opposite_opinions_are_kept_and_the_same_one_is_taken_once() -> None:
    reading = read_map("source,target,sign\nA,B,+\nA,B,-\na,b,+\n")
    assert links(reading) == [("A", "B", 1, 2, 0), ("A", "B", -1, 2, 0)]
    assert [str(note) for note in reading.notes] == [
        "Row 3: “A” both raises and lowers “B”: both opinions are kept",
        "Row 4: the same as Row 2; it is taken once",
    ]


def test_links_that_votes_do_not_hold_are_passed_over() -> None:
    reading = read_map("source,target,sign,basis,held\nA,B,+,voted,no\nB,A,+,voted,yes\n")
    assert [(one.source, one.voted) for one in reading.links] == [("B", True)]
    assert [str(note) for note in reading.notes] == ["Row 2: passed over: most who voted there see no effect"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("", "There is nothing in it."),
        (b"\xff\xfe", "There is nothing in it."),
        (b"PK\x03\x04...", "This file is XLSX, not text. Save the table as CSV and try again."),
        (b"a\0b\0\0c", "This is not a text file. Save the table as CSV and try again."),
        ("x" * (MOST_BYTES + 1), "The file is larger than 5 MB. A map is far smaller."),
        ("a;b\n1;2", "Row 1: The first row must name the columns: source and target for links, or name for factors."),
        ("source,target\n", "There is a header but no row below it."),
        ("source,target,sign\nA,A,+", "Row 2: “A” is linked to itself. Take the link out of the file."),
        ("source,target,sign\nA,,+", "Row 2: target is missing"),
        ("source,target\nA,B", "Row 2: does not say whether it raises (+) or lowers (−)"),
        ("source,target,sign\nA,B,perhaps", "Row 2: “perhaps” is no sign. Write + or −."),
        ("source,target,sign,strength\nA,B,+,7", "Row 2: the strength “7” is not 1, 2 or 3"),
        ("source,target,sign,delay\nA,B,+,3", "Row 2: the delay “3” is not 0, 1 or 2"),
        ("source,target,weight\nA,B,1.5", "Row 2: “1.5” lies outside −1 to 1, or is 0: no link"),
        ("source,target,effect\nA,B,0", "Row 2: “0” lies outside −3 to 3, or is 0: no link"),
        ("source,target,weight\nA,B,nan", "Row 2: “nan” is not a number"),
        ("source,target,sign,weight\nA,B,+,-1", "Row 2: the sign says one direction, “-1” the other"),
        (
            "source,target,sign,strength\nA,B,+,1\nA,B,+,2",
            "Row 3: the same link stands at Row 2 with another strength or delay. Keep one of them.",
        ),
        ("source,target,direction\nA,B,undirected", "Row 2: has no direction. Say which factor moves the other."),
        (f"name\n{'x' * 81}", "Row 2: name has 81 characters, at most 80 fit"),
        ("name\nTrust\ntrust", "Row 3: “trust” is there already (Row 2)"),
        (
            'source,target,sign\n"A,B,+',
            'Row 2: a quotation mark (") is not closed, or is followed by more text in the same cell',
        ),
        ('{"elements": [', "Line 1: This is not complete JSON. Look at column 15."),
        ("[" * 100_000, "This JSON cannot be read. Export the map again and try once more."),
        ("[]", "The JSON holds no list “elements”. Kumu’s own export has one, and one of “connections”."),
        ('{"elements": []}', "There is no factor and no link in it."),
        ('{"elements": [7]}', "Element 1: is not an object with fields"),
        ('{"elements": [{"label": "\\ud800"}]}', "Element 1: a name holds a character that cannot be shown"),
        (
            '{"elements": [{"label": "A"}], "connections": [{"from": "A", "to": "Z", "type": "+"}]}',
            "Connection 1: names the factor “Z”, which the file does not hold",
        ),
        ("<html></html>", "Line 1: This XML is not GraphML: it begins with <html>."),
        ("<graphml></graphml>", "The GraphML holds no graph."),
        ("<graphml>\n<graph>", "Line 2: The XML is broken: no element found."),
        (
            "<?xml version='1.0' encoding='shift_jis'?><graphml/>".encode("shift_jis"),
            "The file names an encoding that is not read here. Save it as UTF-8.",
        ),
        (
            b"<?xml version='1.0' encoding='wat'?><graphml/>",
            "The file names an encoding that is not read here. Save it as UTF-8.",
        ),
        ("<graphml>" * 200, "Line 1: It is nested too deep to be a map."),
        (graphml("<hyperedge/>"), "Line 1: It holds a link between more than two factors. Split it into links of two."),
        (
            graphml('\n<node id="a"/>\n<edge source="a" target="z"><data key="s">+</data></edge>'),
            "Line 3: names the factor “z”, which the file does not hold",
        ),
        (
            graphml('<node id="a"/><node id="b"/>\n<edge source="a" target="b"/>', "undirected"),
            "Line 2: has no direction. Say which factor moves the other.",
        ),
    ],
)
def test_what_is_refused_says_where_and_why(data: bytes | str, told: str) -> None:
    assert wrong(data) == [told]


def test_everything_that_is_wrong_is_told_in_one_go() -> None:
    assert wrong('source,target,sign\nTrust,Trust,+\nA,,+\nA,B,9\nB,A,+,more\n"A,B,+') == [
        "Row 2: “Trust” is linked to itself. Take the link out of the file.",
        "Row 3: target is missing",
        "Row 4: “9” is no sign. Write + or −.",
        "Row 5: has 4 cells, the header has 3. A text that holds the separator needs quotes",
        'Row 6: a quotation mark (") is not closed, or is followed by more text in the same cell',
    ]


def test_entity_bombs_and_files_of_others_are_never_opened() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 50}">' for n in range(12)
    )
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><graphml>&a;</graphml>'
    told = "Line 1: It declares a document type, which is not read here. Take the <!DOCTYPE …> part out."
    started = time.process_time()
    assert wrong(f"{bomb}]><graphml>&m;</graphml>") == [told]
    assert wrong(outside) == [told]
    assert wrong(outside.encode("utf-16")) == [told]
    assert time.process_time() - started < 1


def test_a_file_full_of_mistakes_is_not_told_to_its_end() -> None:
    problems = wrong("source,target,sign\n" + "A,A,+\n" * 900)
    assert (len(problems), problems[-1]) == (201, "There is more. Mend these first, then look again.")


def test_more_than_a_map_takes() -> None:
    assert wrong(json.dumps({"elements": [{"label": f"F{n}"} for n in range(201)]})) == [
        "There are more than 200 factors. A map takes at most that many."
    ]
    rows = [f"F{a},F{b},+" for a in range(40) for b in range(40) if a != b]
    assert wrong("source,target,sign\n" + "\n".join(rows)) == [
        "There are more than 1,000 links. A map takes at most that many."
    ]
    every = [{"label": f"F{n}"} for n in range(40)]
    dense = [{"from": f"F{a}", "to": f"F{b}", "sign": "+"} for a in range(40) for b in range(40) if a != b]
    assert wrong(json.dumps({"elements": every, "connections": dense})) == [
        "There are more than 1,000 links. A map takes at most that many."
    ]
    few = {"elements": every, "connections": dense[:1000]}
    assert len(links(read_map(json.dumps(few)))) == 1000  # far more than 10,000 loops, and no harm done


@pytest.mark.parametrize("kind", ["json", "graphml", "table"])
def test_the_same_link_over_and_over_is_not_counted_to_its_end(kind: str) -> None:
    one = {"from": "A", "to": "B", "sign": "+"}
    data = {
        "json": json.dumps({"elements": [{"label": "A"}, {"label": "B"}], "connections": [one] * 100_000}),
        "graphml": graphml('<node id="A"/><node id="B"/>' + '<edge source="A" target="B"/>' * 100_000),
        "table": "from,to,sign\nA," + "|".join("B" * 45_000) + ",+\n",
    }[kind]
    started = time.process_time()
    (problem,) = wrong(data)
    assert problem == {"graphml": "Line 1: It holds more than a map takes: 200 factors and 1,000 links."}.get(
        kind, "There are more than 1,000 links. A map takes at most that many."
    )
    assert time.process_time() - started < 2


def test_what_a_form_carries_is_read_as_the_same() -> None:
    text = "source,target,sign,strength,delay,basis\nA,B,+,3,2,drawn\nA,B,-,1,0,drawn\nB,A,+,2,1,voted\n"
    reading = read_map(text)
    again = read_map(carried(reading))
    assert (again.factors, again.links, again.problems) == (reading.factors, reading.links, ())


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ({"sign": "S"}, (1, 2, 0)),
        ({"sign": "opposite", "delay": "true"}, (-1, 2, 1)),
        ({"weight": "−0,2"}, (-1, 1, 0)),
        ({"weight": "1"}, (1, 3, 0)),
        ({"effect": "-3", "strength": "1"}, (-1, 1, 0)),
        ({"sign": "+", "strength": "2.0", "delay": "2"}, (1, 2, 2)),
    ],
)
def test_ways_of_saying_an_effect(told: dict[str, str], read: tuple[int, int, int]) -> None:
    assert read_effect(told) == read
