"""What a law calls the parts of a purchase: the one table by which pages, refusals, scripts and papers speak."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """One row of words; those of 87号令 unless said otherwise. A sentence names them as {terms.bidder}.

    bid: what is handed in, as an act.  file: the same, as papers.  documents: of the purchase.  tender: the call for
    bids.  closing: of the time to hand in, in short.  read_out: of what was opened.  seal: to lock a bid.
    published: when the sheet is.  failure: that the purchase comes to nothing for too few.

    >>> "{terms.bidder}不足 {least} 家，不得{terms.opening}".format(terms=Terms(), least=3)
    '投标人不足 3 家，不得开标'
    """

    buyer: str = "采购人"
    bidder: str = "投标人"
    bid: str = "投标"
    file: str = "投标文件"
    documents: str = "招标文件"
    tender: str = "招标"
    deadline: str = "投标截止"
    closing: str = "截标"
    opening: str = "开标"
    sheet: str = "开标一览表"
    published: str = "开标时当众公布"
    price: str = "投标报价"
    read_out: str = "唱标"
    seal: str = "封标"
    guarantee: str = "投标保证金"
    evaluation: str = "评标"
    panel: str = "评标委员会"
    award: str = "中标"
    winner: str = "中标人"
    candidate: str = "中标候选人"
    failure: str = "流标"

    def words(self) -> dict[str, str]:
        """All of them by name, for scripts."""
        return asdict(self)


USUAL = Terms()
