"""Tables, drawings of trees and HTML for notebooks and terminals."""
