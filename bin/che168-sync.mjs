#!/usr/bin/env node
// Only syntax that old versions of Node.js parse, so that they reach the message.
const needed = [22, 17];
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  process.stderr.write(
    `che168-sync needs Node.js ${needed.join(".")} or newer; this is ${process.versions.node}.\n`,
  );
  process.exitCode = 2;
} else {
  import("../dist/cli.mjs").then((cli) => cli.main());
}
