import sys, time, random, cProfile, pstats
from pathlib import Path
import numpy as np, orjson
import sqlalchemy as sa
from migrations.upgrade import open_registry
from registry.store.settings import load_settings
from bench import reads
from api import asked
from registry.residence import EVENT_PERSON
store = open_registry(Path(sys.argv[1]))
what = sys.argv[2].split(",")
prof = len(sys.argv) > 3
rng = random.Random(1)
with store.reading() as c:
    people = sorted(set(c.scalars(sa.select(EVENT_PERSON.c.person_id))))
    n = [0]
    @sa.event.listens_for(store.engine("reader"), "before_cursor_execute")
    def _(*a): n[0] += 1
reads.DRAWS, reads.WARM_UP = 300, 50
qs = reads._questions(store, people, rng)
for name in what:
    wall, cpu = [], []
    p = cProfile.Profile()
    for i, q in enumerate(qs[name]):
        if i == 50:
            n[0] = 0
            if prof: p.enable()
        a, b = time.perf_counter(), time.process_time()
        with store.reading() as c:
            orjson.dumps(q(c, asked.moment(store, c, None, None)))
        if i >= 50: wall.append(time.perf_counter()-a); cpu.append(time.process_time()-b)
    p.disable()
    print(name, "queries", n[0]/len(wall), "wall p50/p99", np.percentile(np.array(wall)*1e3,(50,99)).round(2), "cpu", np.percentile(np.array(cpu)*1e3,(50,90,99)).round(2))
    if prof:
        pstats.Stats(p).sort_stats("tottime").print_stats(28)
