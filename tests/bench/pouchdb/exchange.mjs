// SPDX-License-Identifier: GPL-3.0-or-later

// The same exchange with PouchDB and express-pouchdb, both on LevelDB, without encryption, index or audit: what
// ../bench_sync.py sets its numbers beside. Reads documents as NDJSON from standard input.
//
//   node exchange.mjs FOLDER < documents.ndjson      in a folder with the packages of package.json
//   node exchange.mjs --server FOLDER                 the server, in a process of its own: used by the first

import { fork } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import readline from "node:readline";

const require = createRequire(path.join(process.cwd(), "package.json"));
const PouchDB = require("pouchdb");
const BATCH = 1000;
const CHANGES = 1000;
const ROUNDS = 3;

async function serve(folder) {
  const express = require("express");
  const Local = PouchDB.defaults({ prefix: folder + "/" });
  const app = express();
  app.use("/", require("express-pouchdb")(Local, { mode: "minimumForPouchDB", inMemoryConfig: true,
                                                    logPath: path.join(folder, "log.txt") }));
  const listener = app.listen(0, "127.0.0.1", () => process.send({ port: listener.address().port }));
}

function tell(name, value, unit) {
  console.log(`${name}\t${value.toFixed(2)} ${unit}`);
}

function median(values) {
  return values.slice().sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

async function seconds(work) {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

async function measure(folder) {
  const documents = [];
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const resource = JSON.parse(line);
    documents.push({ ...resource, _id: `${resource.resourceType}/${resource.id}` });
  }
  mkdirSync(path.join(folder, "server"), { recursive: true });
  mkdirSync(path.join(folder, "client"), { recursive: true });
  const server = fork(process.argv[1], ["--server", path.join(folder, "server")]);
  const { port } = await new Promise((done) => server.once("message", done));
  const url = `http://127.0.0.1:${port}/clinic`;
  const there = new PouchDB(url);
  for (let at = 0; at < documents.length; at += BATCH)
    await there.bulkDocs(documents.slice(at, at + BATCH));

  const rates = [];
  let here;
  for (let round = 0; round < ROUNDS; ++round) {
    here = new PouchDB(path.join(folder, "client", `first-${round}`));
    const took = await seconds(() => here.replicate.from(there, { batch_size: BATCH }));
    rates.push(documents.length / took);
  }
  tell("PouchDB: first exchange, median", median(rates), "documents/s");

  const pushes = [];
  for (let round = 0; round < ROUNDS; ++round) {
    const rows = await here.allDocs({ include_docs: true, limit: CHANGES });
    await here.bulkDocs(rows.rows.map((row) => ({ ...row.doc, edition: round })));
    const took = await seconds(() => here.replicate.to(there, { batch_size: BATCH }));
    pushes.push(CHANGES / took);
  }
  tell(`PouchDB: push of ${CHANGES} edits, median`, median(pushes), "documents/s");

  const idle = [];
  await here.sync(there, { batch_size: BATCH });
  for (let round = 0; round < 20; ++round)
    idle.push(1000 * await seconds(() => here.sync(there, { batch_size: BATCH })));
  tell("PouchDB: nothing to do, median", median(idle), "ms");

  const other = new PouchDB(path.join(folder, "client", "first-0"));
  const changes = [];
  for (let round = 0; round < 5; ++round) {
    const rows = await there.allDocs({ include_docs: true, limit: 100, skip: 100 * round });
    await there.bulkDocs(rows.rows.map((row) => ({ ...row.doc, edition: 100 + round })));
    if (round === 0)
      await other.sync(there, { batch_size: BATCH });
    else
      changes.push(1000 * await seconds(() => other.sync(there, { batch_size: BATCH })));
  }
  tell("PouchDB: 100 changes of another, median", median(changes), "ms");
  server.kill();
  process.exit(0);
}

if (process.argv[2] === "--server")
  await serve(process.argv[3]);
else
  await measure(process.argv[2]);
