def one_pass(row):
    row = list(row)
    for i in range(len(row) - 1):
        if row[i] > row[i + 1]:
            row[i], row[i + 1] = row[i + 1], row[i]
    return row


def passes(row):
    count = 1
    while one_pass(row) != list(row):
        row = one_pass(row)
        count += 1
    return count
