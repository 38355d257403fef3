"""Letters by which a purchaser entrusts an agent (采购代理机构), and the purchases under them."""
