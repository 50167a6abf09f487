"""Excerpts in the form of four well-known tables, with values made up here."""

import random

KAGGLE = (
    "Pregnancies,Glucose,BloodPressure,SkinThickness,Insulin,BMI,DiabetesPedigreeFunction,Age,"
    "Outcome"
)
HEART = "age,sex,cp,trestbps,chol,fbs,restecg,thalach,exang,oldpeak,slope,ca,thal,num"
BANK = (
    "age;job;marital;education;default;balance;housing;loan;contact;day;month;duration;campaign;"
    "pdays;previous;poutcome;y"
)
WISCONSIN = "Sample code number,Clump Thickness,Cell Size,Bare Nuclei,Mitoses,Class"
JOBS = (
    *("admin.", "blue-collar", "entrepreneur", "housemaid", "management", "retired", "services"),
    *("self-employed", "student", "technician", "unemployed", "unknown"),
)


def pima_rows(rows: int = 120) -> list[str]:
    r = random.Random(1)

    def row() -> str:
        sick = r.random() < 0.35
        glucose = 0 if r.random() < 0.03 else int(r.gauss(140 if sick else 110, 25))
        insulin = 0 if r.random() < 0.5 else r.randint(40, 400)
        bmi = r.choice((0, *[round(r.gauss(32, 6), 1)] * 20))
        return (
            f"{r.randint(0, 12)},{glucose},{r.randint(50, 100)},{r.randint(10, 50)},{insulin},"
            f"{bmi},{r.uniform(0.08, 2.0):.3f},{r.randint(21, 70)},{int(sick)}"
        )

    return [row() for _ in range(rows)]


def heart_rows(rows: int = 120) -> list[str]:
    r = random.Random(2)

    def row() -> str:
        num = r.choice((0, 0, 0, 1, 2, 3, 4))
        ca, thal = r.choice(("0.0", "1.0", "2.0", "?")), r.choice(("3.0", "6.0", "7.0"))
        return (
            f"{r.randint(30, 75)}.0,{r.randint(0, 1)}.0,{r.randint(1, 4)}.0,{r.randint(95, 180)}.0,"
            f"{r.randint(150, 400)}.0,{r.randint(0, 1)}.0,{r.choice((0, 1, 2))}.0,"
            f"{r.randint(90, 195)}.0,{r.randint(0, 1)}.0,{r.uniform(0, 4) + num / 2:.1f},"
            f"{r.randint(1, 3)}.0,{ca},{thal},{num}"
        )

    return [row() for _ in range(rows)]


def bank_rows(rows: int = 200) -> list[str]:
    r = random.Random(3)

    def row() -> str:
        yes = r.random() < 0.2
        words = (
            r.choice(JOBS),
            r.choice(("married", "single", "divorced")),
            r.choice(("primary", "secondary", "tertiary", "unknown")),
            "yes" if r.random() < 0.05 else "no",
        )
        quoted = ";".join(f'"{word}"' for word in words)
        called = r.random() < 0.3
        return (
            f"{r.randint(19, 80)};{quoted};{r.randint(-500, 9000)};"
            f'"{r.choice(("yes", "no"))}";"{r.choice(("yes", "no", "no"))}";'
            f'"{r.choice(("cellular", "telephone", "unknown"))}";{r.randint(1, 31)};'
            f'"{r.choice(("jan", "may", "aug", "nov"))}";{r.randint(20, 400) + 300 * yes};'
            f"{r.randint(1, 6)};{r.randint(1, 300) if called else -1};{int(called)};"
            f'"{"failure" if called else "unknown"}";"{"yes" if yes else "no"}"'
        )

    return [row() for _ in range(rows)]


def wisconsin_rows(rows: int = 150) -> list[str]:
    r = random.Random(4)
    codes = [r.randint(1_000_000, 1_400_000) for _ in range(rows - 20)]

    def row(code: int) -> str:
        bad = r.random() < 0.35
        a, b = (r.randint(4, 10), r.randint(3, 10)) if bad else (r.randint(1, 6), r.randint(1, 3))
        nuclei = "?" if r.random() < 0.04 else r.randint(3, 10) if bad else r.randint(1, 3)
        return f"{code},{a},{b},{nuclei},{r.randint(1, 2 + 4 * bad)},{4 if bad else 2}"

    return [row(code) for code in [*codes, *codes[:20]]]


def lines(*parts: str) -> bytes:
    return "\n".join(parts).encode()


PIMA = lines(KAGGLE, *pima_rows())
PIMA_WITHOUT_NAMES = lines(*pima_rows())
HEART_DISEASE = lines(HEART, *heart_rows())
BANK_MARKETING = lines(";".join(f'"{name}"' for name in BANK.split(";")), *bank_rows())
BREAST_CANCER = lines(WISCONSIN, *wisconsin_rows())
BREAST_CANCER_WITHOUT_NAMES = lines(*wisconsin_rows())
