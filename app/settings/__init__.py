"""The operator's settings, read once at the start from options and `PREAUTH_*` variables.

May import: no other room.
Start with `fields`, which has every setting.
"""

from __future__ import annotations

from app.settings.fields import Settings
from app.settings.load import SettingsRefused, load_settings

__all__ = ["Settings", "SettingsRefused", "load_settings"]
