"""Addresses for writing reviews, below /drafts/."""

from django.urls import path

from reviews.views import (
    actions,
    drafts,
    editor,
    factors,
    facts,
    people,
    publish,
    sections,
    timeline,
    typed,
    undo,
    whys,
)

urlpatterns = [
    path("", drafts.drafts, name="drafts"),
    path("new", drafts.new_incident, name="new-incident"),
    path("new/time", typed.time_of_a_new_incident, name="new-incident-time"),
    path("<int:number>/", editor.draft, name="draft"),
    path("<int:number>/publish", publish.publish, name="draft-publish"),
    path("<int:number>/status", publish.status, name="draft-status"),
    path("<int:number>/sections/<slug:section>", sections.save, name="draft-section"),
    path("<int:number>/facts", facts.change, name="draft-facts"),
    path("<int:number>/facts/time", typed.time_of_a_fact, name="draft-fact-time"),
    path("<int:number>/participants", people.add, name="draft-participants"),
    path("<int:number>/participants/<int:participant>/remove", people.remove, name="draft-participant-remove"),
    path("<int:number>/visibility", people.visibility, name="draft-visibility"),
    path("<int:number>/timeline", timeline.add, name="draft-timeline"),
    path("<int:number>/timeline/time", typed.time_of_an_event, name="draft-event-time"),
    path("<int:number>/timeline/paste", timeline.paste, name="draft-paste"),
    path("<int:number>/timeline/<int:event>", timeline.change, name="draft-event"),
    path("<int:number>/timeline/<int:event>/delete", timeline.delete, name="draft-event-delete"),
    path("<int:number>/whys", whys.add, name="draft-whys"),
    path("<int:number>/whys/<int:why>", whys.change, name="draft-why"),
    path("<int:number>/whys/<int:why>/move", whys.move, name="draft-why-move"),
    path("<int:number>/whys/<int:why>/delete", whys.delete, name="draft-why-delete"),
    path("<int:number>/factors", factors.add, name="draft-factors"),
    path("<int:number>/factors/<int:factor>", factors.change, name="draft-factor"),
    path("<int:number>/factors/<int:factor>/delete", factors.delete, name="draft-factor-delete"),
    path("<int:number>/actions", actions.add, name="draft-actions"),
    path("<int:number>/actions/<int:action>", actions.change, name="draft-action"),
    path("<int:number>/actions/<int:action>/delete", actions.delete, name="draft-action-delete"),
    path("<int:number>/undo/<int:deletion>", undo.restore, name="draft-undo"),
]
