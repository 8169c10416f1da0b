"""The switches of the audit log: settings that choose how the emulator behaves."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from frontegg_async.emulator.store.switch_group import QUESTION, SwitchGroup, WriteBody, write_body_question


@attrs.frozen(kw_only=True, slots=False, repr=False)
class AuditSwitches(SwitchGroup):
    """Settings for the audit log: how the emulator behaves where no source describes the service."""

    audits_created_from: Literal["included", "excluded"] = attrs.field(
        default="included", metadata={QUESTION: "whether the filter created_from includes audits of exactly that time"}
    )
    audits_without_tenant: Literal["all", "none", "refuse"] = attrs.field(
        default="all",
        metadata={QUESTION: "which audits a list contains that has neither the tenant header nor tenant_ids"},
    )
    audits_id: Literal["frontegg_id", "_id"] = attrs.field(
        default="frontegg_id", metadata={QUESTION: "the name of the field that contains the id of an audit"}
    )
    audits_total: Literal["given", "missing"] = attrs.field(
        default="given", metadata={QUESTION: "whether a list of audits contains the total number of audits"}
    )
    audits_export: Literal["page", "everything"] = attrs.field(
        default="page",
        metadata={QUESTION: "whether an export contains only the rows that count and offset select, or all rows"},
    )
    audits_filter: Literal["part", "whole"] = attrs.field(
        default="part", metadata={QUESTION: "whether filter must match a part of a field, or the whole field"}
    )
    audit_write_body: WriteBody = attrs.field(default="object", metadata=write_body_question("audits"))


SWITCHES: Final = AuditSwitches
