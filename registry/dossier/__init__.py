"""卷宗: what happened in one matter, in the order of time, on paper, with one page for the judge; 情况说明 of land, to sign."""

from registry.dossier.explanation import explain, explanation_pdf, things_of_code
from registry.dossier.making import DossierEmpty, dossier_pdf
from registry.dossier.model import Dossier, Exhibit, Step
from registry.dossier.reading import exhibits_of

__all__ = [
    "Dossier",
    "DossierEmpty",
    "Exhibit",
    "Step",
    "dossier_pdf",
    "exhibits_of",
    "explain",
    "explanation_pdf",
    "things_of_code",
]
