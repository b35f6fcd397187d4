"""What the champion-versus-operator diagnostic yields."""

from __future__ import annotations

from dataclasses import dataclass

from gtmdiag.diagnostics.company import CompanyStage
from gtmdiag.diagnostics.fragility import Fragility
from gtmdiag.instruments.schema import VerdictRule
from gtmdiag.instruments.scoring import Index
from gtmdiag.trail import Sentence


@dataclass(frozen=True)
class Reading:
    """One view of the CEO's role: the CEO's own, or that of the leaders as a group.

    Attributes
    ----------
    n
        Respondents behind it: 1 for the CEO, the number of leaders for the group.
    champion, operator, autonomy
        Indices from 0 to 100, with bounds where answers are missing.
    room
        Answer to the room test: ``"yes"``, ``"partly"``, ``"no"``; the middle answer of a group; None when missing.
    verdict
        The verdict, or None where missing answers leave it open.
    possible
        Ids of the verdicts still open; empty when too few items were answered.
    fragility
        How little would change the verdict; None for a group, and where there is no verdict.
    borderline
        Whether a small number of one-step changes would change the verdict.
    """

    n: int
    champion: Index
    operator: Index
    autonomy: Index
    room: str | None
    verdict: VerdictRule | None
    possible: tuple[str, ...]
    fragility: Fragility | None
    borderline: bool

    @property
    def balance(self) -> tuple[float, float] | None:
        """Champion minus operator, from −100 to 100, as bounds; None where either index is missing."""
        c, o = self.champion, self.operator
        if c.low is None or c.high is None or o.low is None or o.high is None:
            return None
        return c.low - o.high, c.high - o.low


@dataclass(frozen=True)
class DomainView:
    """One of the eight domains as the CEO and the leaders answer it.

    Attributes
    ----------
    ceo_champion, ceo_operator
        The CEO's answers, 1 to 5; None when missing.
    team_champion, team_operator
        Means of the leaders' answers, 1 to 5; None when withheld or missing.
    n
        Leaders who answered both items.
    gap
        CEO's score less the leaders' mean score, −4 to 4. A score is the mean of the champion answer and the mirrored
        operator answer; more is better. None where either side is missing or withheld.
    spread
        Standard deviation of the scores of the leaders who answered both items, from the spread minimum up; None also
        where one or two others answered one item only, since their answers could then be worked out.
    agreement
        Share of these leaders whose score lies within one step of the median, shown where the spread is.
    blind_spot
        Whether the CEO's score is at least one step better than that of most leaders and than their mean; None where
        they cannot be compared.
    """

    id: str
    label: str
    ceo_champion: int | None
    ceo_operator: int | None
    team_champion: float | None
    team_operator: float | None
    n: int
    gap: float | None
    spread: float | None
    agreement: float | None
    blind_spot: bool | None


@dataclass(frozen=True)
class Step:
    """One habit to hand over (``to`` council, steward or function) or one practice to take up (``to`` is the CEO)."""

    domain: str
    label: str
    to: str
    action: str
    answer: int


@dataclass(frozen=True)
class ChampionOperatorResult:
    """The whole diagnostic.

    Attributes
    ----------
    instrument, version, hash
        The instrument that was used.
    stage
        The company's stage.
    ceo
        The CEO's own reading; None when the CEO has not answered.
    leaders
        Number of leaders who answered.
    team
        The leaders' reading; None when there are none or it is withheld.
    withheld
        Why the leaders' reading is not shown, or empty.
    domains
        The eight domains in the instrument's order.
    stage_step
        What to do first with this verdict at this stage, where the stage has a step of its own; else empty.
    hand_over, take_up
        Up to three operator habits to hand over first, and champion practices to take up first.
    ceo_says, leaders_say
        What the CEO's and the leaders' answers say, each sentence with its trail.
    """

    instrument: str
    version: str
    hash: str
    stage: CompanyStage
    ceo: Reading | None
    leaders: int
    team: Reading | None
    withheld: str
    domains: tuple[DomainView, ...]
    stage_step: str
    hand_over: tuple[Step, ...]
    take_up: tuple[Step, ...]
    ceo_says: tuple[Sentence, ...]
    leaders_say: tuple[Sentence, ...]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Everything it says."""
        return self.ceo_says + self.leaders_say

    @property
    def blind_spots(self) -> tuple[DomainView, ...]:
        """Domains in which the CEO is at least one step more favourable than most leaders and than their mean."""
        return tuple(domain for domain in self.domains if domain.blind_spot)
