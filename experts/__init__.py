"""Who judges: the register of experts (`registry`) and the panels drawn from it (`panels`), in this order.

Knows no project, only its number, and which employers to avoid. Who sits on a panel is nobody's to see before the award
notice; other packages and the public get masked ids.
"""
