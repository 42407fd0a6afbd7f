import type { ServerDuplexStream } from '@grpc/grpc-js';

/** A call that reached the proxy, with its messages as bytes. */
export type IncomingCall = ServerDuplexStream<Buffer, Buffer>;
