"""A document with every kind of node and block, as a real report would fill them."""

from __future__ import annotations

from gtmdiag.report.blocks import (
    Card,
    Column,
    Cover,
    Evidence,
    Figure,
    FindingCard,
    Group,
    Lane,
    Lanes,
    Notice,
    Prose,
    Table,
    Tile,
    Tiles,
)
from gtmdiag.report.document import Document
from gtmdiag.report.nodes import (
    BlockNode,
    Break,
    Code,
    CodeSpan,
    Emph,
    Heading,
    Link,
    List,
    Node,
    Paragraph,
    Quote,
    Rule,
    Strong,
    Text,
)

_STAGES = (("MQL", 1840), ("SQL", 405), ("Discovery", 331), ("Proposal", 188), ("Won", 61))
# 2 × 1 pixels
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR42mPgzmoQUbQFAAUWAWiLfkciAAAAAElFTkSuQmCC"


def bars_svg() -> str:
    """Return a bar chart of the example's stages, drawn by hand."""
    rows: list[str] = []
    for i, (stage, deals) in enumerate(_STAGES):
        y, width, colour = 8 + i * 40, 500 * deals / _STAGES[0][1], "#0B6A80" if i != 1 else "#A3242F"
        rows.append(
            f'<text x="0" y="{y + 18}" fill="#14213D">{stage}</text>'
            f'<rect x="90" y="{y}" width="{width:.1f}" height="26" fill="{colour}"/>'
            f'<text x="{96 + width:.1f}" y="{y + 18}" fill="#566176">{deals:,}</text>'
        )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 660 210" width="660" height="210" '
        f'font-family="Source Sans Pro, DejaVu Sans, sans-serif" font-size="14">{"".join(rows)}</svg>'
    )


COVER = Cover(
    title="Growth has outrun the way it is led",
    client="Northlight Systems",
    subtitle="Diagnostic of the go-to-market operating model",
    facts=(
        ("Wave", "2026-q4"),
        ("Date", "31 October 2026"),
        ("Respondents", "5 of 6 leaders"),
        ("Deals", "1,840, January 2025 to October 2026"),
    ),
    confidentiality="Confidential. For the board of Northlight Systems.",
)

TILES = Tiles(
    (
        Tile("Champion score", "34", "of 100; the council sees 29", "bad"),
        Tile("Stage fit", "Late by one", "scaling company, led as an early one", "warn"),
        Tile("Lead to qualified", "22 %", "so far; a right handoff gives 35–45 %", "bad"),
        Tile("Discovery to proposal", "57 %", "so far", "good"),
        Tile("Agreement", "High", "5 respondents, spread 0.8"),
    )
)

FIGURE = Figure(
    title="Four of five leads stop between marketing and sales",
    svg=bars_svg(),
    png=PNG,
    alt="Bar chart of deals that reached each stage: MQL 1,840, SQL 405, Discovery 331, Proposal 188, Won 61.",
    caption="Deals created January 2025 to October 2026; shares are so far, deals still open may advance.",
)

HALVES = Group(
    (
        Figure(
            "Marketing sees the handoff as settled",
            bars_svg(),
            PNG,
            "Bar chart of marketing's answers.",
            "n = 2",
            "half",
        ),
        Figure("Sales does not", bars_svg(), PNG, "Bar chart of sales's answers.", "n = 3", "half"),
    )
)

TABLE = Table(
    title="Where deals are, stage by stage",
    columns=(
        Column("Stage"),
        Column("Reached", "right"),
        Column("Advanced", "right"),
        Column("Lost", "right"),
        Column("Open", "right"),
        Column("Amount, €", "right"),
        Column("Advanced so far", "right"),
    ),
    rows=(
        ("MQL", "1,840", "405", "1,262", "173", "—", "22 %"),
        ("SQL", "405", "331", "52", "22", "9,480,000", "82 %"),
        ("Discovery", "331", "188", "121", "22", "8,015,500", "57 %"),
        ("Proposal", "188", "61", "96", "31", "5,127,250", "32 %"),
        ("Won", "61", "", "", "", "1,664,900", ""),
    ),
    note="Reached = advanced + lost + open. Source: crm/opportunity_history.csv.",
)

ROLES = Table(
    title="Who designs, who decides",
    columns=(Column("Domain"), Column("Today"), Column("What the stage asks")),
    rows=tuple(
        (
            domain,
            "The CEO designs and decides, often alone and late in the week, after the numbers are in.",
            "The council designs; the CEO sanctions, defends the design and stays out of its daily running.",
        )
        for domain in (
            "Revenue model",
            "Lead definition",
            "Pricing",
            "Handoff to delivery",
            "Forecast",
            "Hiring",
            "Territories",
            "Retention",
        )
    ),
)

FINDINGS = (
    FindingCard(
        "critical",
        "The CEO runs the revenue engine instead of guarding its design",
        (
            Evidence(
                "Seven of eight domains score as operator; decision rights and forecast are the furthest.",
                "champion–operator · 16 answers",
            ),
            Evidence("The council places the CEO 5 points lower than the CEO does.", "suite method · 4 observers"),
        ),
        "High: every respondent on one side",
        "CEO",
        "Hand the forecast call to the council by the end of November; keep the sanction of changes.",
    ),
    FindingCard(
        "high",
        "Leads leak where marketing hands over to sales",
        (
            Evidence(
                "405 of 1,840 leads became qualified so far, 22 %, against 35–45 % where the handoff is right.",
                "crm/opportunity_history.csv · 1,840 deals",
            ),
        ),
        "Medium: 173 leads are still open",
        "Heads of marketing and sales",
        "Agree one definition of a qualified lead and answer each within four business hours.",
        "€ 1.2 m a year at today's win rate",
    ),
    FindingCard(
        "medium",
        "The room test fails when the CEO is away",
        (Evidence("Two of the last four reviews were put off.", "gut check · 5 answers"),),
        "Medium",
        "Chief of staff",
        "Let the council chair the next two reviews.",
    ),
    FindingCard(
        "low",
        "Stage names differ between two exports",
        (),
        "High",
        "Revenue operations",
        "Use the names of the CRM map.",
    ),
    FindingCard(
        "strength",
        "Discovery is disciplined and its results are even across teams",
        (Evidence("57 % advance so far; no team is below 50 %.", "crm/opportunity_history.csv · 331 deals"),),
        "High",
        "",
        "Keep it.",
    ),
)

PROSE = Prose(
    (
        Evidence(
            "Northlight is a scaling company of 240 people that is led as a founder leads forty.",
            "client.yaml · headcount 240",
        ),
        Evidence(
            "Eight domains were asked about from two sides; in seven the CEO holds the work, not the design.",
            "champion–operator · 16 answers",
        ),
        Evidence(
            "The gap between self-view and the council's view is small, so the picture is shared.",
            "suite method · 5 respondents",
        ),
    )
)

LANES = Lanes(
    "What to do by when",
    (
        Lane("By day 30", "Stop what costs most", (Card("Agree one lead definition.", "Marketing and sales"),), "bad"),
        Lane("By day 60", "Settle who decides", (Card("Name a steward.", "CEO"), Card("Write down decision rights."))),
        Lane("By day 90"),
    ),
    "By severity.",
)

SCORES = Table(
    "Scorecard",
    (Column("What"), Column("Result")),
    (("Who owns the model", "Nobody"), ("Lead to qualified", "22 %")),
    tones=(("neutral", "bad"), ("neutral", "warn")),
)

NOTICES = (
    Notice(
        "warn",
        "Two answers short of certainty",
        "With one more respondent from customer success the stage fit "
        "could change by one band. The reading is borderline.",
    ),
    Notice(
        "neutral",
        "No calendar evidence",
        "calendar/ is empty. Four weeks of the CEO's calendar would show where the time goes.",
    ),
    Notice("bad", "One cell did not run", "The cell after 'Deals' stopped with a division by zero."),
    Notice("good", "Answers are complete", "All 22 items were answered by all five respondents."),
)


def example_document() -> Document:
    """Return a document that holds every node and block kind."""
    prose: tuple[Node, ...] = (
        Heading(2, (Text("Notes of the consultant"),), "notes-of-the-consultant"),
        Paragraph(
            (
                Text("The interviews were held in "),
                Strong((Text("October 2026"),)),
                Text(" by "),
                Emph((Text("two people, one of them silent"),)),
                Text(". See "),
                Link("https://example.org/method", (Text("the method"),)),
                Text(" and the key "),
                CodeSpan("company.headcount"),
                Text(" of the client's file."),
                Break(),
                Text(
                    "Client words stand as they were said: $x_1$, #set page, <script>alert(1)</script>, "
                    "\u05e9\u05dc\u05d5\u05dd."
                ),
            ),
        ),
        Heading(3, (Text("What we heard, "), Emph((Text("in their words"),))), "what-we-heard", sub="Five interviews"),
        Quote((Paragraph((Text("Nothing moves until she has seen it, and she sees everything."),)),)),
        List(
            False,
            (
                (Paragraph((Text("Leads wait for a person, not for a rule."),)),),
                (
                    Paragraph((Text("Two definitions of a qualified lead:"),)),
                    List(
                        True,
                        (
                            (Paragraph((Text("marketing counts a score above 60;"),)),),
                            (Paragraph((Text("sales counts a held call."),)),),
                        ),
                    ),
                ),
            ),
        ),
        List(True, ((Paragraph((Text("Agree the definition."),)),), (Paragraph((Text("Measure it weekly."),)),)), 3),
        Heading(4, (Text("As printed by a cell"),), "as-printed"),
        Code("stage      n\nMQL     1840\nSQL      405"),
        Rule(),
    )
    nodes: tuple[Node, ...] = (
        BlockNode(COVER),
        Heading(
            2, (Text("The CEO holds the work that the council should design"),), "the-ceo-holds-the-work", sub="Summary"
        ),
        BlockNode(TILES),
        BlockNode(PROSE),
        BlockNode(SCORES),
        BlockNode(LANES),
        Heading(2, (Text("Five findings, one of which binds the rest"),), "five-findings"),
        *(BlockNode(card) for card in FINDINGS),
        Heading(2, (Text("Four of five leads stop at the first handoff"),), "four-of-five-leads"),
        BlockNode(FIGURE),
        BlockNode(TABLE),
        Heading(3, (Text("Marketing and sales see it differently"),), "marketing-and-sales"),
        BlockNode(HALVES),
        BlockNode(ROLES),
        *prose,
        Heading(2, (Text("What is missing"),), "what-is-missing"),
        *(BlockNode(notice) for notice in NOTICES),
    )
    return Document(
        title=COVER.title,
        language="en",
        date="2026-10-31",
        nodes=nodes,
        warnings=("a picture in the text was left out; its description stands instead",),
        client=COVER.client,
        confidentiality=COVER.confidentiality,
    )
