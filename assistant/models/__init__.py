"""Any language model: asked, timed, its failures as ours, its words made fit to show."""
