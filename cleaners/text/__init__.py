"""Text for keeping (``normalize``), for comparing (``fold``), and its way into blocks (``segment``)."""
