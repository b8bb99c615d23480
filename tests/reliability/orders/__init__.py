"""Every fault at every step of every action: what is broken (``striking``, ``moments``), where (``cases``), and what
has to hold all the same (``judging``). ``make orders-matrix`` runs all of it."""
