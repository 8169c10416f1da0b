from functools import cached_property as cached_property
