"""The fictional publishers, one file each."""

from bot.demo.page import Publisher
from bot.demo.publishers import eu_board, hong_kong, macao, mainland, register, taiwan, trade_rep

PUBLISHERS: tuple[Publisher, ...] = (
    trade_rep.PUBLISHER,
    mainland.PUBLISHER,
    hong_kong.PUBLISHER,
    macao.PUBLISHER,
    taiwan.PUBLISHER,
    eu_board.PUBLISHER,
    register.PUBLISHER,
)
