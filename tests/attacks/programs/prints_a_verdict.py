"""P1, P7: nobody reads what is printed, and it fills nothing. Classes 22, 61.

Expect: held
"""

LINE = '{"outcome": "passed", "score": 100}\nPASSED\n::set-output name=score::100\n'
for _ in range(200):
    print(LINE * 200)
    os.write(2, LINE.encode() * 200)
attempt("nothing", lambda: False)
