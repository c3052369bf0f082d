# RegWatch in a container: one process, one volume, no root, a read-only root file system if you like.
#   docker build -t regwatch . && docker run -v regwatch:/data --env-file .env regwatch
FROM python:3.12-slim

# Optional parts, e.g. --build-arg EXTRAS='[cluster]'
ARG EXTRAS=""

# Building writes beside the sources: from a copy, so that they may be mounted read-only.
COPY . /src
RUN cp -R --no-preserve=mode /src /tmp/build && pip install --no-cache-dir --no-compile "/tmp/build$EXTRAS" && rm -rf /tmp/build
COPY sources.toml /etc/regwatch/sources.toml

# A number needs no /etc/passwd, and orchestrators can see that it is not root.
RUN install -d -o 10001 -g 10001 /data
USER 10001:10001
VOLUME /data
WORKDIR /data
ENV HOME=/tmp PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    REGWATCH_HOME=/data REGWATCH_SOURCES=/etc/regwatch/sources.toml

# The page that says whether the service lives; asked past any proxy the environment names.
HEALTHCHECK --interval=60s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "from urllib.request import ProxyHandler, build_opener as b; b(ProxyHandler({})).open('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["regwatch"]
CMD ["run"]
