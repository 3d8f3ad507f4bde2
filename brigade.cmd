@echo off
rem Runs Brigade. In a checkout it builds the distribution first if there is none.
setlocal
set "HERE=%~dp0"
if "%HERE:~-1%"=="\" set "HERE=%HERE:~0,-1%"

set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java.exe"
"%JAVA%" -version >nul 2>&1
if errorlevel 1 (
  echo brigade: there is no usable java; install a JDK 17 or newer, or set JAVA_HOME 1>&2
  exit /b 1
)

set "BRIGADE=%HERE%"
if exist "%HERE%\lib" goto run
set "BRIGADE=%HERE%\launcher\target\brigade"
powershell -NoProfile -Command "$s = Get-Item '%HERE%\launcher\target\brigade.stamp' -ErrorAction SilentlyContinue; if (-not $s -or -not (Test-Path '%BRIGADE%\lib')) { exit 1 }; $new = Get-ChildItem '%HERE%\pom.xml', '%HERE%\*\pom.xml', '%HERE%\*\src\main', '%HERE%\bundled\pocket' -Recurse -File | Where-Object { $_.LastWriteTime -gt $s.LastWriteTime } | Select-Object -First 1; if ($new) { exit 1 }"
if not errorlevel 1 goto run
where mvn >nul 2>&1
if errorlevel 1 (
  echo brigade: there is no mvn; install Maven 3.8 or newer to build Brigade 1>&2
  exit /b 1
)
echo brigade: building ^(the first time takes some minutes^) ... 1>&2
pushd "%HERE%"
call mvn -q -B "-Dmaven.test.skip=true" "-Dspotless.check.skip=true" -pl launcher -am package 1>&2
if errorlevel 1 (
  popd
  echo brigade: the build failed 1>&2
  exit /b 1
)
popd
echo built> "%HERE%\launcher\target\brigade.stamp"

:run
rem The archive that makes starts faster is made by the first run itself where Java can (19 or newer).
set "FLAGS=-XX:+IgnoreUnrecognizedVMOptions -XX:+UseSerialGC -Xlog:disable"
set "FLAGS=%FLAGS% -XX:+AutoCreateSharedArchive -XX:SharedArchiveFile="%BRIGADE%\brigade.jsa""
for %%J in ("%BRIGADE%\lib\brigade-launcher-*.jar") do set "JAR=%%~fJ"
"%JAVA%" %FLAGS% "-Dbrigade.home=%BRIGADE%" %BRIGADE_JAVA_OPTIONS% -jar "%JAR%" %*
exit /b %ERRORLEVEL%
