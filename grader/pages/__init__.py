"""Pages from results: one for the class, one for each student.

    results.jsonl --results--> Rows, one at a time --survey--> what the class did
                                                  --feedback--> feedback/ID.html
                                    survey + Rows --class_page--> report.html

Theory of operation. Nothing is graded here and no file of a student is opened: everything on a page comes from reports,
and what the run has kept beside them (`keep`): pictures and the forms of answers. Every text from a submission is data;
Jinja escapes it, and a page's policy lets nothing run but the page's own script. The results are read several times,
never held, so that 10,000 students need the memory of ten.
"""
