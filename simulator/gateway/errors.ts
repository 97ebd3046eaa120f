import { randomUUID } from 'node:crypto';
import { Refusal } from '../http/exchange';

/** `{"detail": text}`, as FastAPI's HTTPException writes it. */
export function detail(status: number, message: string): Refusal {
  return new Refusal(status, { detail: message });
}

/** An exception that nobody caught. */
export function internalError(message = 'Internal Server Error'): unknown {
  return { detail: message, request_id: randomUUID() };
}
