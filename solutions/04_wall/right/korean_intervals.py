def 구간(truth, w1, w2):
    """이 두 가중치에서 b가 놓일 수 있는 범위."""
    합 = [0, w2, w1, w1 + w2]
    아래 = [-s for s, t in zip(합, truth) if t]
    위 = [-s for s, t in zip(합, truth) if not t]
    return max(아래, default=-9), min(위, default=9)


def is_separable(truth):
    for w1 in (-1, 0, 1):
        for w2 in (-1, 0, 1):
            아래, 위 = 구간(truth, w1, w2)
            if 아래 < 위:
                print("찾음:", w1, w2, 아래, 위)
                return True
    return False


def best_score(truth):
    return 4.0 if is_separable(truth) else 3.0


HOW_MANY_OF_16 = 14.0
PROOF = [((1, 0), (0, 1)), ((0, 0), (1, 1))]
