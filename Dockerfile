# docker build --tag prickle .
# docker run --env-file .env --volume prickle:/data --publish 3000:3000 --read-only --tmpfs /tmp prickle
#
# A tag can be moved: `--build-arg DIGEST=sha256:…` builds on the very image that you looked at.
ARG BASE=python:3.13-slim
ARG DIGEST=

FROM ${BASE}${DIGEST:+@${DIGEST}} AS build
COPY requirements-serve.lock /build/
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --requirement /build/requirements-serve.lock \
    && /opt/venv/bin/pip uninstall --yes pip \
    && printf '#!/bin/sh\nexec /opt/venv/bin/python -m bot.start "$@"\n' > /opt/venv/bin/prickle \
    && chmod 755 /opt/venv/bin/prickle

FROM ${BASE}${DIGEST:+@${DIGEST}}
RUN groupadd --system --gid 10001 prickle \
    && useradd --system --uid 10001 --gid 10001 --home-dir /data --create-home prickle
COPY --from=build /opt/venv /opt/venv
COPY --chmod=755 docker-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
COPY bot /opt/prickle/bot
COPY handlers /opt/prickle/handlers
COPY jobs /opt/prickle/jobs
COPY models /opt/prickle/models
COPY migrations /opt/prickle/migrations
RUN python -m compileall -q /opt/prickle
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/opt/prickle \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATABASE_URL=sqlite:////data/prickle.db \
    LOG_FORMAT=json
WORKDIR /data
VOLUME /data
# By number: whoever runs it can see that it is not root without looking into the image.
USER 10001:10001
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["/usr/local/bin/docker-entrypoint.sh"]
CMD ["serve"]
