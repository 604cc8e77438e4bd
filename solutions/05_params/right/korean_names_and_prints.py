from itertools import product


def dense_params(n_in, units, bias=True):
    가중치 = n_in * units
    편향 = units if bias else 0
    print(f"가중치 {가중치} + 편향 {편향}")
    return 가중치 + 편향


def stack_params(widths):
    결과 = []
    앞 = widths[0]
    for 너비 in widths[1:]:
        결과.append(앞 * 너비 + 너비)
        앞 = 너비
    return 결과


LAYERS = {3: [3], 5: [3, 2], 9: [6, 3], 17: [12, 5], 11: [6, 3, 2], 25: [12, 10, 3]}

for 합계, 층 in LAYERS.items():
    assert sum(층) == 합계


def stacks_with(total, max_layers=4):
    found = []
    for hidden in range(max_layers):
        for widths in product(range(1, total), repeat=hidden):
            stack = (2, *widths, 1)
            if sum(stack_params(stack)) == total:
                found.append(stack)
    return found
