"""Asks the simulated providers as a gateway in Python does: aioboto3 for Bedrock, vertexai (gRPC) for Vertex AI.

No address is given to either SDK. Prints one JSON object a line: {"call": ..., what it brought}. Arguments: the id of the
directives, so that the test finds the calls in the truth.
"""

import asyncio
import json
import sys

import aioboto3
import vertexai
from vertexai.generative_models import GenerativeModel
from vertexai.language_models import TextEmbeddingInput, TextEmbeddingModel

QUICK = "ttft=2 rate=500 jitter=0 chunk=1 tokens=6"
HAIKU = "anthropic.claude-3-haiku-20240307-v1:0"


def ask(name):
    return f"Hello. [[sim id={sys.argv[1]}-{name} {QUICK}]]"


def tell(call, **what):
    print(json.dumps({"call": call, **what}), flush=True)


async def bedrock():
    async with aioboto3.Session().client("bedrock-runtime") as client:
        messages = lambda name: [{"role": "user", "content": [{"text": ask(name)}]}]
        answer = await client.converse(modelId=HAIKU, messages=messages("bedrock-chat"))
        tell(
            "bedrock chat",
            text=answer["output"]["message"]["content"][0]["text"],
            tokens=answer["usage"]["outputTokens"],
            finish=answer["stopReason"],
        )

        answer = await client.converse_stream(modelId=HAIKU, messages=messages("bedrock-stream"))
        pieces, tokens = [], None
        async for event in answer["stream"]:
            if "contentBlockDelta" in event:
                pieces.append(event["contentBlockDelta"]["delta"]["text"])
            if "metadata" in event:
                tokens = event["metadata"]["usage"]["outputTokens"]
        tell("bedrock stream", pieces=len(pieces), text="".join(pieces), tokens=tokens)

        body = json.dumps({"texts": [ask("bedrock-embedding")], "input_type": "search_document"})
        answer = await client.invoke_model(modelId="cohere.embed-english-v3", body=body)
        headers = answer["ResponseMetadata"]["HTTPHeaders"]
        tell(
            "bedrock embedding",
            length=len(json.loads(await answer["body"].read())["embeddings"][0]),
            latency=headers["x-amzn-bedrock-invocation-latency"],
            tokens=headers["x-amzn-bedrock-input-token-count"],
        )


async def vertex():
    vertexai.init(project="simulator", location="us-central1")
    model = GenerativeModel("gemini-2.0-flash")
    answer = await model.generate_content_async(ask("vertex-chat"))
    tell(
        "vertex chat",
        text=answer.text,
        tokens=answer.usage_metadata.candidates_token_count,
        finish=answer.candidates[0].finish_reason.name,
    )

    pieces, tokens = [], None
    async for piece in await model.generate_content_async(ask("vertex-stream"), stream=True):
        text = "".join(part.text for part in piece.candidates[0].content.parts)
        if text:
            pieces.append(text)
        if piece.usage_metadata.candidates_token_count:
            tokens = piece.usage_metadata.candidates_token_count
    tell("vertex stream", pieces=len(pieces), text="".join(pieces), tokens=tokens)

    embedder = TextEmbeddingModel.from_pretrained("text-embedding-005")
    (vector,) = embedder.get_embeddings([TextEmbeddingInput(ask("vertex-embedding"), "RETRIEVAL_DOCUMENT")])
    tell("vertex embedding", length=len(vector.values), tokens=vector.statistics.token_count)


asyncio.run(bedrock())
asyncio.run(vertex())
