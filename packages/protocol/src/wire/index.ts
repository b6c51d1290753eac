export { headAt, utf8Bytes, writeHeadLength } from './frame.ts'
export { type Packet, packetTypes } from './packet.ts'
export { Decoder, decodePacket, Encoder, encodePacket, type Frame, wireParser } from './parser.ts'
