{{/* The objects of one service of ours. Each takes {context, service}. */}}

{{/* {…, settings: {VARIABLE: value}, secrets: [VARIABLE], [drain]: seconds in which load balancers forget a pod that ends, [data]: a folder to write to} */}}
{{- define "io.deployment" -}}
{{- $root := .context -}}
{{- $values := get $root.Values .service -}}
{{- $named := dict "context" $root "component" .service -}}
{{- $pods := merge (deepCopy $values.pods) $root.Values.pods -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "io.metadata" $named | nindent 2 }}
spec:
  {{- if not $values.autoscaling.enabled }}
  replicas: {{ $values.replicas }}
  {{- end }}
  selector:
    matchLabels:
      {{- include "io.selector" $named | nindent 6 }}
  strategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }
  template:
    metadata:
      labels:
        {{- include "io.selector" $named | nindent 8 }}
      annotations:
        # A changed secret that stands in the values; one that was made stays as it is.
        checksum/secrets: {{ pick $root.Values "secrets" "mail" "llm" "s3" "external" | toJson | sha256sum }}
        {{- with $pods.annotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      {{- include "io.podSpec" (dict "context" $root "pods" $values.pods) | nindent 6 }}
      {{- include "io.spread" $named | nindent 6 }}
      terminationGracePeriodSeconds: {{ $values.terminationGracePeriodSeconds }}
      containers:
        - name: {{ .service }}
          image: {{ include "io.image" . }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          {{- include "io.containerSecurity" dict | nindent 10 }}
          env:
            {{- include "io.serviceEnv" . | trim | nindent 12 }}
          ports:
            - { name: http, containerPort: 8080 }
            - { name: metrics, containerPort: 9090 }
          startupProbe: { httpGet: { path: /healthz, port: metrics }, periodSeconds: 2, failureThreshold: 60 }
          livenessProbe: { httpGet: { path: /healthz, port: metrics }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 }
          readinessProbe: { httpGet: { path: /readyz, port: metrics }, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 }
          {{- with .drain }}
          lifecycle: { preStop: { sleep: { seconds: {{ . }} } } }
          {{- end }}
          resources: {{ toJson $values.resources }}
          volumeMounts:
            - { name: tmp, mountPath: /tmp }
            {{- with .data }}
            - { name: data, mountPath: {{ . }} }
            {{- end }}
      volumes:
        - { name: tmp, emptyDir: {} }
        {{- if .data }}
        - { name: data, emptyDir: {} }
        {{- end }}
{{- end }}

{{- define "io.serviceEnv" -}}
{{- $root := .context }}
{{- /* Work in flight is finished before the kubelet kills: 5 s are left for closing. */}}
{{- $grace := sub (sub (get $root.Values .service).terminationGracePeriodSeconds (.drain | default 0)) 5 }}
{{- include "io.variables" (dict "PORT" 8080 "METRICS_PORT" 9090 "LOG_LEVEL" $root.Values.config.logLevel "STOP_GRACE_SECONDS" $grace) }}
{{- with $root.Values.traces }}
{{- if .endpoint }}
{{- include "io.variables" (dict "OTEL_EXPORTER_OTLP_ENDPOINT" .endpoint "OTEL_TRACES_SAMPLER_ARG" .sampleRatio) }}
{{- end }}
{{- end }}
{{- include "io.variables" .settings }}
{{- range .secrets }}
{{- include "io.secretVariable" (dict "context" $root "variable" .) }}
{{- end }}
{{- with (get $root.Values .service).extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* What every service on RabbitMQ and MongoDB is told. */}}
{{- define "io.pipelineSettings" -}}
LEASE_SECONDS: {{ .Values.config.leaseSeconds }}
RETRY_DELAYS_SECONDS: {{ .Values.config.retryDelaysSeconds | quote }}
{{- end }}

{{/* What services that reach out are told: whom they may reach. */}}
{{- define "io.fetchSettings" -}}
FETCH_ALLOWED_NETWORKS: {{ join "," .Values.fetch.allowedNetworks | quote }}
FETCH_PORTS: {{ join "," .Values.fetch.ports | quote }}
{{- end }}

{{/* Where a copy of the library is kept. */}}
{{- define "io.s3Settings" -}}
{{- with .Values.s3 }}
{{- if .endpoint }}
S3_ENDPOINT: {{ .endpoint }}
S3_REGION: {{ .region }}
S3_BUCKET: {{ .bucket }}
S3_PUBLIC_URL: {{ .publicUrl | quote }}
S3_FORCE_PATH_STYLE: {{ .forcePathStyle }}
{{- end }}
{{- end }}
{{- end }}

{{/* {…, [port]: of HTTP, for others, [type], [name]} What can be reached from outside the cluster has no port for metrics. */}}
{{- define "io.service" -}}
{{- $named := dict "context" .context "component" .service "name" .name -}}
{{- $type := .type | default "ClusterIP" -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "io.metadata" $named | nindent 2 }}
spec:
  type: {{ $type }}
  selector:
    {{- include "io.selector" $named | nindent 4 }}
  ports:
    {{- with .port }}
    - { name: http, port: {{ . }}, targetPort: http }
    {{- end }}
    {{- if eq $type "ClusterIP" }}
    - { name: metrics, port: 9090, targetPort: metrics }
    {{- end }}
{{- end }}

{{/* One pod at a time is moved: that of a single replica too, so no node is held up. */}}
{{- define "io.pdb" -}}
{{- if .context.Values.podDisruptionBudgets.enabled }}
{{- $named := dict "context" .context "component" .service -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "io.metadata" $named | nindent 2 }}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "io.selector" $named | nindent 6 }}
{{- end }}
{{- end }}
