# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy between workstations and yarrow-server that does what networks do: it is slow, cuts connections, loses requests
and answers, cuts answers short, garbles bytes. It speaks TLS to both sides, so that it knows where a request and its
answer end; what it garbles, it garbles outside the encryption, where a network can."""

import asyncio
import collections
import random
import ssl
import threading

from support.server import free_port

FAULTS = ("request lost", "request cut", "answer lost", "answer cut", "answer garbled")
LIMIT = 1 << 26
TROUBLE = (OSError, asyncio.IncompleteReadError, ssl.SSLError)


class FaultProxy:
    """Listens at `url` from start() to close(). Between them any thread may set

    `round_trip`: seconds that each exchange takes longer;
    `share`: {fault: probability}, drawn anew for each exchange, the same in every run with that seed;

    and say once(). `done` counts the faults that came to pass."""

    def __init__(self, server_port, certificate, seed=1, port=None):
        self.port = port or free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        self.server_port = server_port
        self.certificate = certificate
        self.random = random.Random(seed)
        self.round_trip = 0
        self.share = {}
        self.done = collections.Counter()
        self.exchanges = 0
        self._once = []
        self._garbled = set()  # connections, by the port that the relay speaks from
        self._inner_port = free_port()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(30)
        return self

    def close(self):
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def once(self, fault, request="", skip=0):
        """It happens to one exchange: the first whose request line contains `request`, but for `skip` of them. Instead
        of a fault, a function: it is called when the request has reached the server and before its answer is read."""
        self._once.append([fault, request, skip])

    @property
    def all_done(self):
        """Whether everything that was said once has come to pass."""
        return not self._once

    # ---- on the proxy's thread ----------------------------------------------------------------------------------

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    async def _listen(self):
        inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        inside.load_cert_chain(self.certificate.file, self.certificate.key)
        self._outside = ssl.create_default_context(cafile=str(self.certificate.file))
        self._listeners = [
            await asyncio.start_server(self._relay, "127.0.0.1", self.port),
            await asyncio.start_server(self._converse, "127.0.0.1", self._inner_port, ssl=inside, limit=LIMIT)]

    async def _end(self):
        for listener in self._listeners:
            listener.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _relay(self, reader, writer):
        """Bytes as they are on the wire, to where the encryption ends and back."""
        there, back = await asyncio.open_connection("127.0.0.1", self._inner_port)
        name = back.get_extra_info("sockname")[1]

        async def pump(source, target, change):
            try:
                while data := await source.read(1 << 16):
                    target.write(change(data))
                    await target.drain()
            except OSError:
                pass
            finally:
                target.close()

        def garble(data):
            if name not in self._garbled:
                return data
            place = self.random.randrange(len(data))
            return data[:place] + bytes([data[place] ^ 0x20]) + data[place + 1:]

        await asyncio.gather(pump(reader, back, lambda data: data), pump(there, writer, garble))
        self._garbled.discard(name)

    async def _converse(self, reader, writer):
        """One connection of a client: request, answer, until one side ends it or a fault does."""
        server = None
        try:
            while request := await message(reader):
                if server is None:
                    server = await asyncio.open_connection("127.0.0.1", self.server_port, ssl=self._outside,
                                                           limit=LIMIT)
                if not await self._exchange(request, server, writer):
                    break
        except TROUBLE:
            pass
        finally:
            writer.transport.abort()
            if server:
                server[1].transport.abort()

    async def _exchange(self, request, server, writer):
        """Whether the connection goes on."""
        there, back = server
        fault = self._fault(request.partition(b"\r\n")[0].decode("latin-1"))
        await asyncio.sleep(self.round_trip / 2)
        if fault == "request lost":
            return False
        back.write(request[:len(request) // 2] if fault == "request cut" else request)
        await back.drain()
        if fault == "request cut":
            return False
        if callable(fault):
            await self._loop.run_in_executor(None, fault)
        answer = await message(there)
        await asyncio.sleep(self.round_trip / 2)
        if fault == "answer lost" or not answer:
            return False
        if fault == "answer garbled":
            self._garbled.add(writer.get_extra_info("peername")[1])
        writer.write(answer[:len(answer) * 2 // 3] if fault == "answer cut" else answer)
        await writer.drain()
        return not fault or callable(fault)

    def _fault(self, request_line):
        self.exchanges += 1
        fault = self._drawn()
        for one in self._once:
            if one[1] in request_line:
                if one[2] == 0:
                    self._once.remove(one)
                    fault = one[0]
                    break
                one[2] -= 1
        if fault:
            self.done[fault if isinstance(fault, str) else "call"] += 1
        return fault

    def _drawn(self):
        drawn = self.random.random()
        for fault in FAULTS:
            drawn -= self.share.get(fault, 0)
            if drawn < 0:
                return fault
        return None


async def message(reader):
    """A whole HTTP message, head and body; empty at the end of the connection. Both programs say Content-Length."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return head + (await reader.readexactly(length) if length else b"")
