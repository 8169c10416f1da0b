"""The form for a new customer."""

from __future__ import annotations

import uuid

from django import forms


class CustomerForm(forms.Form):
    """The fields of a new customer. The page contains the new id, so submitting it twice creates one account."""

    tenant_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    name = forms.CharField(max_length=200, help_text="The name on invoices.")
    owner = forms.EmailField(label="Owner", help_text="The e-mail address that the invitation goes to.")
    plan = forms.ChoiceField(choices=[("starter", "Starter"), ("team", "Team"), ("enterprise", "Enterprise")])
    parent = forms.CharField(
        max_length=256, required=False, label="Below", help_text="The id of another customer; empty for none."
    )
