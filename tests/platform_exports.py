"""One class of five as each learning platform exports it, written from the platforms' sources and documentation."""

from dataclasses import dataclass

from tests.damage import pack

RIGHT = b"def double(x):\n    return 2 * x\n"
TWO_MORE = b"def double(x):\n    return x + 2\n"
SQUARE = b"def double(x):\n    return x * x\n"
EARLIER = b"def double(x):\n    return 0\n"


@dataclass(frozen=True)
class Member:
    """A student of the class, under every name that a platform may use."""

    number: str
    """The school's."""
    canvas: str
    moodle: str
    login: str
    name: str
    sortable: str
    files: dict[str, bytes]
    marks: float
    """Of the tiny bank's 2 points."""


MEMBERS = (
    Member("20210001", "4711", "301", "ana-kim", "Ana Kim", "Kim, Ana", {"double.py": RIGHT}, 2.0),
    Member("20210002", "4712", "302", "bob", "Bob O'Neil", "O'Neil, Bob", {"double.py": TWO_MORE}, 0.0),
    Member("20210003", "4713", "303", "minsu97", "김민수", "김민수", {"double.py": RIGHT, "notes.txt": b"x"}, 2.0),
    Member("20210004", "4714", "304", "dora", "Dora van der Berg", "van der Berg, Dora", {"double.py": SQUARE}, 0.0),
    Member("20210005", "4715", "305", "eve", "Eve Li", "Li, Eve", {"hw.zip": pack({"hw/double.py": RIGHT})}, 2.0),
)


def plain(name):
    """A name as Canvas writes it: small letters, nothing but letters, digits and the line below."""
    return "".join(char for char in name.lower() if char.isalnum() or char == "_")


def canvas():
    """lib/content_zipper.rb: NAME[_LATE]_USER_ATTACHMENT_FILE, flat; a file that was uploaded again has -1."""
    files = {}
    for number, one in enumerate(MEMBERS):
        late = "_LATE" if number == 1 else ""
        for file, content in one.files.items():
            again = "double-1.py" if number == 3 else file
            files[f"{plain(one.sortable)}{late}_{one.canvas}_{9000 + number}_{again}"] = content
    return files


def moodle():
    """mod/assign/classes/downloader.php with folders, as Moodle does since 3.1."""
    return {
        f"{one.name}_{one.moodle}_assignsubmission_file_/{file}": content
        for one in MEMBERS
        for file, content in one.files.items()
    }


def moodle_flat():
    """The same without folders, a user's preference."""
    return {
        f"{one.name}_{one.moodle}_assignsubmission_file_{file}": content
        for one in MEMBERS
        for file, content in one.files.items()
    }


def gradescope():
    """submission_metadata.yml beside a folder for each hand-in; Bob handed in twice."""
    text, files = "---\n", {}
    for number, one in enumerate(MEMBERS):
        hand_ins = [(100 + number, f"2026-11-20 21:0{number}:51.478527000 +09:00", one.files)]
        if one.login == "bob":
            hand_ins.insert(0, (99, "2026-11-20 11:59:00.000000000 Z", {"double.py": EARLIER}))
        for key, time, content in hand_ins:
            text += f"submission_{key}:\n  :submitters:\n  - :name: \"{one.name}\"\n    :sid: '{one.number}'\n"
            text += f"    :email: {one.login}@school.example\n  :created_at: {time}\n  :score: 0.0\n  :history: []\n"
            files |= {f"submission_{key}/{file}": data for file, data in content.items()}
    return {"submission_metadata.yml": text.encode()} | files


def github():
    """Gh classroom clone student-repos: ASSIGNMENT-submissions/ASSIGNMENT-USERNAME, each a clone."""
    files = {}
    for one in MEMBERS:
        repository = f"week-3-{one.login}"
        files |= {f"{repository}/{file}": content for file, content in one.files.items()}
        files[f"{repository}/.git/config"] = b"[core]\n"
        files[f"{repository}/.github/workflows/classroom.yml"] = b"name: x\n"
    return {f"week-3-submissions/{name}": content for name, content in files.items()}


def github_bare():
    """The same clones in a folder of another name."""
    return {name.removeprefix("week-3-submissions/"): content for name, content in github().items()}


def classroom50():
    """Gh teacher download: CLASSROOM-ASSIGNMENT-USERNAME, a mark in each, scores.csv beside them."""
    files = {}
    scores = "username,first_name,last_name,email,section,score,max_score,datetime,submission_tag\n"
    for one in MEMBERS:
        folder = f"cs-1-double-{one.login}"
        files |= {f"{folder}/{file}": content for file, content in one.files.items()}
        files[f"{folder}/.classroom50.yaml"] = (
            b'schema: "classroom50/repo-config/v1"\nclassroom: "cs-1"\nassignment: "double"\n'
            + f'owner:\n  username: "{one.login}"\n  id: 1\n'.encode()
        )
        files[f"{folder}/.git/HEAD"] = b"ref: refs/heads/main\n"
        files[f"{folder}/result.json"] = b"{}"
        scores += f"{one.login},,,,,1,2,2026-11-20T12:00:00Z,submit/1\n"
    return {"scores.csv": scores.encode()} | files


def drive():
    """A shared folder of Google Drive: each student's folder, and copies of what was given out."""
    files = {}
    for number, one in enumerate(MEMBERS):
        for file, content in one.files.items():
            copy = {0: f"Copy of {file}", 1: "double (1).py", 2: f"{file}의 사본" if file == "double.py" else file}
            files[f"{one.name}/{copy.get(number, file)}"] = content
    return files


def plain_folders():
    """No platform: a folder for each student."""
    return {f"{one.login}/{file}": content for one in MEMBERS for file, content in one.files.items()}


EXPORTS = {
    "Canvas": (canvas, "canvas"),
    "Moodle": (moodle, "moodle"),
    "Moodle, flat": (moodle_flat, "moodle"),
    "Gradescope": (gradescope, "number"),
    "GitHub Classroom": (github, "login"),
    "GitHub Classroom, elsewhere": (github_bare, "login"),
    "Classroom 50": (classroom50, "login"),
    "Google Drive": (drive, "name"),
    "": (plain_folders, "login"),
}
"""What the platform is called -> its export, and what of a member it takes for the id."""
