"""卷宗: what happened in one matter, in the order of time, on paper, with one page for the judge."""

from registry.dossier.making import DossierEmpty, dossier_pdf
from registry.dossier.model import Dossier, Exhibit, Step
from registry.dossier.reading import exhibits_of

__all__ = ["Dossier", "DossierEmpty", "Exhibit", "Step", "dossier_pdf", "exhibits_of"]
