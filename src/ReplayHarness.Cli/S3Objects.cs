using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using ReplayHarness.Stores;
using ReplayHarness.Traces;

namespace ReplayHarness.Cli;

/// <summary>
/// Amazon S3, and what speaks as it does, with the SDK's own chain of credentials. AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL names another
/// service, whose buckets stand in the path.
/// </summary>
internal sealed class S3Objects : ObjectStorage
{
    private const string DefaultRegion = "us-east-1";

    private readonly string? _endpoint = Variable("AWS_ENDPOINT_URL_S3") ?? Variable("AWS_ENDPOINT_URL");
    private AmazonS3Client? _client;

    public override IEnumerable<(string Key, long Size, DateTimeOffset LastModified)> List(string bucket, string prefix)
    {
        string? next = null;
        do
        {
            var request = new ListObjectsV2Request
            {
                BucketName = bucket,
                Prefix = prefix,
                ContinuationToken = next,
            };
            var page = Ask(bucket, prefix, client => client.ListObjectsV2Async(request));
            // Keys can hold characters that an answer in XML cannot: the SDK asks for them encoded where it must.
            foreach (var item in page.S3Objects ?? [])
                yield return (
                    item.Key,
                    item.Size ?? 0,
                    item.LastModified is { } time ? new DateTimeOffset(time.ToUniversalTime()) : DateTimeOffset.MaxValue
                );
            next = page.IsTruncated == true ? page.NextContinuationToken : null;
        } while (next is not null);
    }

    public override Stream? Open(string bucket, string key)
    {
        var request = new GetObjectRequest { BucketName = bucket, Key = key };
        try
        {
            return Ask(bucket, key, client => client.GetObjectAsync(request)).ResponseStream;
        }
        catch (MissingKeyException)
        {
            return null;
        }
    }

    protected override void Dispose(bool disposing)
    {
        _client?.Dispose();
        base.Dispose(disposing);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private T Ask<T>(string bucket, string key, Func<AmazonS3Client, Task<T>> ask)
    {
        var place = $"s3://{bucket}/{key}";
        try
        {
            return ask(_client ??= Client()).GetAwaiter().GetResult();
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchKey")
        {
            throw new MissingKeyException();
        }
        catch (AmazonS3Exception e)
        {
            throw new BadInputException($"{place}: {Refusal(e, bucket)}");
        }
        catch (AmazonClientException e) when (e.Message.Contains("credentials", StringComparison.OrdinalIgnoreCase))
        {
            throw new BadInputException(
                $"{place}: no credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
            );
        }
        catch (AmazonClientException e) when (e.Message.Contains("RegionEndpoint", StringComparison.Ordinal))
        {
            throw new BadInputException($"{place}: the bucket's region is not known; set AWS_REGION, for example AWS_REGION=eu-central-1");
        }
        catch (Exception e)
            when (e is AmazonClientException or HttpRequestException or IOException or TaskCanceledException or UriFormatException)
        {
            throw new BadInputException(
                $"{place}: {_endpoint ?? "Amazon S3"} cannot be reached: {(e.InnerException ?? e).Message.Split('\n')[0].TrimEnd('.')}; is "
                    + "AWS_ENDPOINT_URL_S3 (or AWS_ENDPOINT_URL) right, and is it running?"
            );
        }
    }

    private AmazonS3Client Client()
    {
        var region = Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION");
        var config = new AmazonS3Config();
        if (_endpoint is not null)
        {
            config.ServiceURL = _endpoint;
            config.ForcePathStyle = true;
            config.AuthenticationRegion = region ?? DefaultRegion;
        }
        else if (region is not null)
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        return new AmazonS3Client(config);
    }

    private static string Refusal(AmazonS3Exception e, string bucket) =>
        e.ErrorCode switch
        {
            "NoSuchBucket" => $"there is no bucket {bucket}; check its name, and the account or endpoint that is asked",
            "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken" =>
                $"the credentials are refused ({e.ErrorCode}); check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
            "PermanentRedirect" or "AuthorizationHeaderMalformed" =>
                $"the bucket lies in another region ({e.ErrorCode}); set AWS_REGION to its own",
            _ when e.StatusCode == HttpStatusCode.Forbidden =>
                $"access is denied; reading needs s3:ListBucket on {bucket} and s3:GetObject on its objects",
            _ => $"answered {(int)e.StatusCode} ({e.ErrorCode})",
        };

    private sealed class MissingKeyException : Exception;
}
