def one_pass(row):
    row = list(row)
    for i in range(1, len(row)):
        if row[i - 1] > row[i]:
            row[i - 1], row[i] = row[i], row[i - 1]
    return row


def passes(row):
    n = 0
    while any(a > b for a, b in zip(row, row[1:])):
        row = one_pass(row)
        n = n + 1
    return n
