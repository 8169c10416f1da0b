"""How values are shown in notebooks and terminals: tables, trees and markup."""
