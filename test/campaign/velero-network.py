"""The network of a container: velero-network.py PORT SOCKET. Connections to PORT of the loopback interface go to a Unix socket outside.

The caller's network namespace must be its own one (unshare --net), so programs in it can listen on ports that are in use elsewhere.
"""

import asyncio
import fcntl
import socket
import struct
import sys

SIOCSIFFLAGS, IFF_UP = 0x8914, 0x1


async def copy(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def main(port, path):
    async def connect(reader, writer):
        to_reader, to_writer = await asyncio.open_unix_connection(path)
        await asyncio.gather(copy(reader, to_writer), copy(to_reader, writer))

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
    server = await asyncio.start_server(connect, "127.0.0.1", port)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
