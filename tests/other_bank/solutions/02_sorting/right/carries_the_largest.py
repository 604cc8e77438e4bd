def one_pass(row):
    row = list(row)
    if not row:
        return []
    out = []
    largest = row[0]
    for number in row[1:]:
        out.append(min(largest, number))
        largest = max(largest, number)
    return out + [largest]


def passes(row):
    return 0 if list(row) == sorted(row) else 1 + passes(one_pass(row))
