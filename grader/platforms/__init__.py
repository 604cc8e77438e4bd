"""Graders for other people's platforms: the files that one of them runs, and its results in that platform's own form.

    kata --package--> a zip: the kit as a wheel, the kata's checks, the platform's scripts
    the platform's image --install.sh--> .venv/bin/kata --package run--> judge --feedback--> the platform's results file

Theory of operation. Every package holds the same judge, and `table` says what differs: which files a platform wants
(`gradescope`, `prairielearn`, `github`), and how it reads results. The platform starts a script, the script starts
`kata package run` with three folders (judge, submission, results), and that is one process which judges one submission
in the kit's own sandbox. What a student may read of it is made once, in `feedback`. Where nothing was judged (no
isolation, a fault of the kit) each platform is told in the way that costs the student nothing; no score is guessed.
"""
